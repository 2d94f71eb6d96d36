"""What the setup wizard says and draws."""
