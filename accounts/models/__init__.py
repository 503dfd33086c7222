from accounts.models.bounce import Bounce
from accounts.models.form_key import FormKey
from accounts.models.invitation import Invitation
from accounts.models.mail import Mail
from accounts.models.preference import Preference
from accounts.models.role import RoleGrant
from accounts.models.unit import Unit
from accounts.models.user import User

__all__ = ["Bounce", "FormKey", "Invitation", "Mail", "Preference", "RoleGrant", "Unit", "User"]
