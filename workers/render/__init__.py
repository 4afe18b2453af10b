"""From a folder to manifests: one renderer per way in which people write them."""
