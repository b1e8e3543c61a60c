"""The two protocols' shapes, nothing else."""
