"""Text models: generation with any instruct model of transformers, and sentence embeddings."""
