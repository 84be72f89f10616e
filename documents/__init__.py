"""Papers and charts: what is drawn or written into files for people. It knows nothing of chats or storage."""
