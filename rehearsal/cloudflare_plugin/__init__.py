"""The emulated `cloudflare` plugin: what was asked for is validated and kept in a store of the API's shape."""
