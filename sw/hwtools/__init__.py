"""What the project builds and checks with: tools, generated sources, reports. No trading in it."""
