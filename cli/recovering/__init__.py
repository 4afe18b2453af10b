"""`pushboat recover`: a cluster is lost and the store is there, or the other way round."""
