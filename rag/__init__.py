"""From a question to a verified answer. This room writes nothing to the index and shows nothing to anybody."""
