"""The recorder's RTSP face: live pictures and playback over interleaved TCP."""
