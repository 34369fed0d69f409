"""Evidence that leaves the system: a package about one subject, and its verification where there is no database."""

from fieldsvc.services.evidence.check import Damage, check
from fieldsvc.services.evidence.export import Exported, export, label_of
from fieldsvc.services.evidence.verify import Finding, Verified, verify

__all__ = ["Damage", "Exported", "Finding", "Verified", "check", "export", "label_of", "verify"]
