"""Pages of credentials: public ones, the holder's, and those of staff."""

from plugin.credentials.views.checking import blueprint as checking
from plugin.credentials.views.frameworks import blueprint as frameworks
from plugin.credentials.views.giving import blueprint as giving
from plugin.credentials.views.making import blueprint as making
from plugin.credentials.views.mine import blueprint as mine
from plugin.credentials.views.my_files import blueprint as my_files
from plugin.credentials.views.open_files import blueprint as open_files
from plugin.credentials.views.open_pages import blueprint as open_pages
from plugin.credentials.views.pathways import blueprint as pathways
from plugin.credentials.views.recognition import blueprint as recognition
from plugin.credentials.views.sharing import blueprint as sharing
from plugin.credentials.views.staff import blueprint as staff
from plugin.credentials.views.status import blueprint as status
from plugin.credentials.views.vouching import blueprint as vouching

blueprints = (
    open_pages,
    open_files,
    my_files,
    checking,
    mine,
    sharing,
    recognition,
    vouching,
    making,
    giving,
    pathways,
    frameworks,
    staff,
    status,
)
