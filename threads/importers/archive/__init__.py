"""Archives of practices: one folder that people can read and another site can take up."""
