"""The ground floor: the words that both doors and the engine room speak. It imports neither of them."""
