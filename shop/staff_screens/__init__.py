"""What the platform's staff read in Oscar's dashboard: lists and one order of ours, where Oscar's do not fit."""
