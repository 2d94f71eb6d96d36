"""install.sh, run for real in a Debian that has nothing but its base."""
