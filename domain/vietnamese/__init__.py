"""How people in the school write: folded text, camera names, time phrases."""
