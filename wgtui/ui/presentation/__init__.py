"""Domain values to cells and sentences: pure, no Textual."""
