"""One package a vendor. They are reached through `nvr_client.factory` and never import each other."""
