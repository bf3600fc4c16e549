"""A style-based GAN in the latent space of the avatar codec: avatars in milliseconds, mixing and morphing."""
