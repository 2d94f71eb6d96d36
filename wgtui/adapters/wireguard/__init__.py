"""WireGuard devices: the kernel over generic netlink, userspace over its UAPI socket."""
