"""Pictures by diffusion: any diffusers text-to-image pipeline folder, the embedded one among them."""
