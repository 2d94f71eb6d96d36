"""What wgtui needs of a host, as protocols."""
