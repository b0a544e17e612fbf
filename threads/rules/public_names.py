"""Names that may stand in any text: what is reserved for examples, what everybody uses, what only looks like a host."""


def _listed(names: str) -> frozenset[str]:
    return frozenset(names.split())


TOP_LEVEL = _listed(
    """
    com net org edu gov mil int info biz eu uk de fr nl be ch at it es pt pl cz sk hu ro bg gr dk se no fi ie lu li
    ee lt lv hr si rs ua ru tr il ae sa za ng ke eg in cn jp kr tw hk sg my th vn ph id au nz ca us mx br ar cl co pe
    uy io ai app dev cloud tech online site store shop xyz top online systems solutions services group global bank
    health hosting email digital agency network support company industries international me tv to is cc ws fm gg
    """
)
# These end host names and as well names of files, fields and functions: alone they say nothing.
DOUBTFUL = _listed(
    """
    in id is me to it no my at be us tv app dev info email store group top name cc ws rs pl se
    """
)
INTERNAL = (".local", ".lan", ".corp", ".internal", ".intra", ".home.arpa", ".ad")
EXTENSIONS = _listed(
    """
    ac am app bak bat bin cc cf cfg cmd conf config cpp cs css csv db dll doc docx exe gif go gz h hpp htm html ico in
    ini ipynb jar java jpeg jpg js json jsx key lock log lua man md mo msi pdf pem php pl plist png po properties ps
    py rb repo rpm rs rules sass scope service sh slice so socket sql svg tar target tf timer tmp toml ts tsx txt vb
    vbs vue wav webp whl xls xlsx xml yaml yml zip
    """
)
RESERVED = ("example", "invalid", "test", "localhost", "localdomain", "onion")
RESERVED_DOMAINS = frozenset(
    {"example.com", "example.net", "example.org", "example.edu", "domain.com", "yourdomain.com"}
)
CODE_BEGINS = _listed(
    """
    com org net io java javax javafx jakarta sun android androidx kotlin scala jdk self this window document os sys
    system microsoft app req res request response process module math string array object console log config settings
    args data user node event error
    """
)
# Sites of makers and of everybody: a link there tells nothing of anybody's network.
PUBLIC = _listed(
    """
    adobe.com amazon.com amazonaws.com android.com apache.org apple.com archive.org arduino.cc arxiv.org asus.com
    atlassian.com atlassian.net azure.com bitbucket.org blogspot.com canonical.com centos.org chromium.org
    cisco.com cloudflare.com cnet.com cpan.org cve.org debian.org dell.com digitalocean.com django-project.com
    djangoproject.com docker.com docker.io drupal.org duckduckgo.com eclipse.org elastic.co element14.com espressif.com
    facebook.com fedoraproject.org firefox.com freebsd.org gentoo.org ghcr.io git-scm.com github.com github.io
    githubusercontent.com gitlab.com gmail.com gnome.org gnu.org golang.org google.com googleapis.com gstatic.com
    hashicorp.com home-assistant.io hp.com huawei.com ibm.com ietf.org imgur.com intel.com java.com jetbrains.com
    jquery.com jsfiddle.net kde.org kernel.org kubernetes.io launchpad.net lenovo.com letsencrypt.org linkedin.com
    linux.com linuxfoundation.org live.com mariadb.org mathworks.com maven.org mcafee.com medium.com microchip.com
    microsoft.com microsoftonline.com mongodb.com mozilla.com mozilla.net mozilla.org mqtt.org msdn.com mysql.com
    netgear.com nginx.com nginx.org nist.gov nodejs.org norton.com npmjs.com npmjs.org ntp.org nvidia.com office.com
    office365.com openbsd.org openssl.org openstreetmap.org opensuse.org oracle.com oreilly.com outlook.com
    pastebin.com paypal.com php.net postgresql.org pypi.org python.org quay.io qt.io raspberrypi.com raspberrypi.org
    readthedocs.io readthedocs.org reddit.com redhat.com redis.io rust-lang.org salesforce.com samba.org samsung.com
    sap.com servicenow.com shodan.io skype.com slack.com sourceforge.io sourceforge.net spiceworks.com spring.io
    sqlite.org ssl.com st.com stackexchange.com stackoverflow.com stackapps.com superuser.com serverfault.com
    askubuntu.com suse.com symantec.com t.co ti.com trendmicro.com tumblr.com twitter.com ubuntu.com unicode.org
    virustotal.com visualstudio.com vmware.com w3.org whatwg.org wikia.com wikimedia.org wikipedia.org
    windows.com windows.net windowsupdate.com wordpress.com wordpress.org xilinx.com yahoo.com youtu.be youtube.com
    zdnet.com zendesk.com zoom.us aol.com att.net bbc.co.uk btconnect.com btinternet.com charter.net comcast.net cox.net
    earthlink.net europa.eu fastmail.com free.fr freenet.de gmx.com gmx.de gmx.net googlemail.com hotmail.com icloud.com
    ionos.com ionos.de kundenserver.de libero.it mac.com mail.ru me.com orange.fr proton.me protonmail.com qq.com
    rediffmail.com rr.com sbcglobal.net secureserver.net shaw.ca sky.com spamhaus.org strato.de t-online.de talktalk.net
    telia.com telus.net twc.com verizon.net virginmedia.com web.de xfinity.com yandex.ru zoho.com
    """
)
# Where names are given out below: one label less counts.
SECOND_LEVEL = _listed("ac co com edu go gob gov govt gouv mil ne net nhs or org sch")
PUBLIC_ENDS = _listed("edu gov mil")
# First labels by which the public is addressed.
PUBLIC_LABELS = _listed(
    """
    www www1 www2 blog blogs docs doc documentation support help wiki forum forums community communities developer
    developers dev download downloads kb learn learning en news store shop addons faq knowledge info manual manuals
    """
)
HOST_LABELS = _listed("mail smtp imap pop vpn ftp sftp ns1 ns2 mx mx1 owa webmail remote gateway intranet")
RESOLVERS = frozenset({"1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9", "208.67.222.222", "208.67.220.220"})
# What devices are delivered with, and what everybody writes.
DEFAULT_ADDRESSES = frozenset({"192.168.0.1", "192.168.1.1", "192.168.1.254", "192.168.4.1", "10.0.0.1", "10.0.2.2"})
NOBODY = _listed(
    """
    public default administrator admin root user username users shared guest me name you yourname yourusername your_name
    your_username myuser my_user myname user1 foo bar test tester pi ubuntu debian centos fedora ec2-user vagrant git
    www-data node app jenkins postgres mysql openhab homeassistant docker deploy build runner linuxbrew johndoe john_doe
    default.migrated all
    """
)
