"""Readers of infrastructure as code: Checkov's graphs to the Inventory. Nothing here decides a verdict."""
