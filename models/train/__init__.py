"""Labels, teachers, baselines, and the training of students."""
