"""Waiting for the first handshake: what the monitor reads and what arrives at the port, put together."""

from wgtui.services.first_contact.log import PortLog
from wgtui.services.first_contact.observer import PortObserver
from wgtui.services.first_contact.service import FirstContact
from wgtui.services.first_contact.surroundings import Surroundings
from wgtui.services.first_contact.view import ContactView

__all__ = ["ContactView", "FirstContact", "PortLog", "PortObserver", "Surroundings"]
