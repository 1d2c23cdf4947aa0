"""Demo goods: invented texts, pictures drawn by program, and the seeder of this package."""
