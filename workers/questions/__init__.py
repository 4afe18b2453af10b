"""Questions that only a cluster can answer, asked at a terminal here or through the API from elsewhere."""
