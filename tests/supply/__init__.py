"""What the product is made of: known faults, the list of parts (SBOM), licences."""
