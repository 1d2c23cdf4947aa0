"""The demo's register: invented businesses of a real commune, all marked "(mẫu)"."""
