"""Keys of a simulated host."""

from __future__ import annotations

from wgtui.adapters.keypairs_nacl import NaclKeypairs
from wgtui.adapters.simulated.scenarios import stand_in_public_key
from wgtui.domain.keys import PresharedKey, PrivateKey, PublicKey


class SimulatedKeypairs:
    """`Keypairs` that derives public keys as the simulated devices do."""

    def generate_private_key(self) -> PrivateKey:
        """A new private key."""
        return NaclKeypairs().generate_private_key()

    def public_key(self, private_key: PrivateKey) -> PublicKey:
        """The public key that the scenarios' devices have for a private key."""
        return stand_in_public_key(private_key)

    def generate_preshared_key(self) -> PresharedKey:
        """A new preshared key."""
        return NaclKeypairs().generate_preshared_key()
