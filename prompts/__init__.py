"""The words a language model sees, a file each. No logic."""
