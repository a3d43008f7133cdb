#!/usr/bin/env bash
# Throw-away OpenLDAP server for tests: no root, no system files, loopback only.
#
#   start-slapd.sh DIR PORT [N]     create (first time) and start; N users are loaded
#                                   at creation (default 1000).  Safe to call again.
#   start-slapd.sh DIR PORT stop    stop the server of DIR (by its pid file)
#   start-slapd.sh DIR PORT wipe    stop and delete DIR
#
# ldap on 127.0.0.1:PORT (StartTLS offered), ldaps on 127.0.0.1:PORT+1.
# Environment (all optional):
#   BASE         suffix                       (dc=contoso,dc=test)
#   LDIF         load this file instead of generating one
#   BIG          members of the big group     (0)
#   WITH_PASSWORD  first K users get an {SSHA} password (10)
#   ODD=1        add the odd-case objects
#   GENERATE     further arguments for gen-ldif.py, for example
#                "--groups 1000 --members-per-group 200"
#   SAMBA=1      with Samba's attributes for password hashes (samba.schema)
#   SYNCPROV=0   without the syncprov overlay: the suffix then has no contextCSN
#   SESSIONLOG   operations syncprov remembers for delta reads (100000); 0 = none.
#                The log is in memory: after a restart, after more operations than it
#                holds, or with 0, a delta read gets the "present" phase instead (every
#                unchanged entry's UUID, no deletes), which a client must handle anyway.
#                syncprov-sessionlog-source (accesslog) was tried with 2.5.13: it also
#                answered with the present phase, so it is not offered here.
#   MAPSIZE_MB   upper bound of the database file, sparse (8192)
#
# Accounts (password of all: secret):
#   cn=admin,BASE        rootdn, no limits
#   cn=reader,BASE       reads everything except userPassword, no size limit
#   cn=hashreader,BASE   as reader, and reads userPassword and sambaNTPassword
#   cn=limited,BASE      as reader, with slapd's own limit of 500 entries a search
#   cn=blind,BASE        as reader, but cannot see entryUUID and modifyTimestamp
# DIR/env is a shell file with URI, LDAPS_URI, CA, BASE and the bind names.
#
# Needs Debian packages: slapd ldap-utils openssl python3.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 2 ] || { sed -n '2,12p' "$0"; exit 2; }
mkdir -p "$1"; DIR=$(cd "$1" && pwd); PORT=$2; N=${3:-1000}
PATH=$PATH:/usr/sbin
PIDFILE=$DIR/run/slapd.pid
# the choices made at creation hold for every later start of the same DIR
if [ -s "$DIR/options" ]; then
  . "$DIR/options"
else
  BASE=${BASE:-dc=contoso,dc=test}
  SESSIONLOG=${SESSIONLOG:-100000}
  SYNCPROV=${SYNCPROV:-1}
  MAPSIZE_MB=${MAPSIZE_MB:-8192}
  SAMBA=${SAMBA:-}
fi

# A pid file can be stale and its number reused, so the command line is checked too.
running() {
  [ -s "$PIDFILE" ] && local p && p=$(cat "$PIDFILE") && [ -r "/proc/$p/cmdline" ] &&
    tr '\0' ' ' <"/proc/$p/cmdline" | grep -qF -- "$DIR/slapd.conf"
}
stop() {
  if running; then
    local p; p=$(cat "$PIDFILE"); kill "$p"        # TERM: slapd closes the database cleanly
    for _ in $(seq 1 300); do [ -d "/proc/$p" ] || break; sleep 0.1; done
    [ -d "/proc/$p" ] && { echo "slapd $p did not stop in 30 s" >&2; exit 1; }
  fi
  rm -f "$PIDFILE"
}
case $N in
  stop) stop; exit 0 ;;
  wipe) stop; rm -rf "$DIR" || true; exit 0 ;;   # (the folder itself may be in one we cannot write)
esac
if running; then echo "already running (pid $(cat "$PIDFILE"))"; exit 0; fi

mkdir -p "$DIR"/{run,tls,db,log}
printf '%s=%q\n' BASE "$BASE" SESSIONLOG "$SESSIONLOG" SYNCPROV "$SYNCPROV" \
  MAPSIZE_MB "$MAPSIZE_MB" SAMBA "$SAMBA" >"$DIR/options"

# ---- certificate: own CA, server certificate with the names rustls insists on -------
if [ ! -s "$DIR/tls/cert.pem" ]; then
  ( cd "$DIR/tls"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
      -subj "/CN=Throw-away test CA" -addext "basicConstraints=critical,CA:TRUE" \
      -keyout ca.key -out ca.pem
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
      -subj "/CN=localhost" -keyout key.pem -out req.pem
    # the machine's own name too: libldap replaces "localhost" by it before it checks the
    # certificate, so ldapsearch -H ldaps://localhost fails without that name
    printf 'subjectAltName=DNS:localhost,DNS:%s,IP:127.0.0.1\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' "$(hostname)" >ext
    openssl x509 -req -in req.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 \
      -extfile ext -out cert.pem ) >"$DIR/log/tls.log" 2>&1
  chmod 600 "$DIR"/tls/*.key "$DIR/tls/key.pem"
fi

# ---- configuration (old slapd.conf form: one file, readable, works with slapadd) ----
# tool-threads stays 1: with 2, slapadd 2.5.13 together with `multival` died of heap
# corruption in 2 of 4 loads of 500k entries, and it gains nothing.
PW=$(slappasswd -s secret)
{
cat <<CONF
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/nis.schema
${SAMBA:+include $HERE/samba.schema}
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload syncprov
moduleload memberof
moduleload argon2
pidfile  $PIDFILE
argsfile $DIR/run/slapd.args
threads 8
tool-threads 1
TLSCACertificateFile  $DIR/tls/ca.pem
TLSCertificateFile    $DIR/tls/cert.pem
TLSCertificateKeyFile $DIR/tls/key.pem
TLSVerifyClient never
# the root DSE and schema are readable by anybody
access to dn.base="" by * read
access to dn.base="cn=Subschema" by * read

database mdb
suffix   "$BASE"
rootdn   "cn=admin,$BASE"
rootpw   $PW
directory $DIR/db
maxsize  $((MAPSIZE_MB * 1024 * 1024))
# sorted values make adding one member to a 50,000-member group a binary search.
# (multival gains nothing measurable here and crashed slapadd, see above.)
sortvals member memberOf
envflags nosync
checkpoint 0 5
index objectClass,entryUUID,entryCSN eq
index uid,mail,member,memberOf,modifyTimestamp eq
limits dn.exact="cn=reader,$BASE" size=unlimited time=unlimited
limits dn.exact="cn=hashreader,$BASE" size=unlimited time=unlimited
limits dn.exact="cn=blind,$BASE" size=unlimited time=unlimited
access to attrs=userPassword${SAMBA:+,sambaNTPassword}
  by dn.exact="cn=hashreader,$BASE" read
  by anonymous auth
  by self =xw
  by * none
access to attrs=entryUUID,modifyTimestamp
  by dn.exact="cn=blind,$BASE" none
  by users read
  by * none
access to * by users read by * none
overlay memberof
memberof-group-oc groupOfNames
memberof-member-ad member
memberof-memberof-ad memberOf
CONF
if [ "$SYNCPROV" != 0 ]; then
  printf 'overlay syncprov\nsyncprov-checkpoint 100 1\n'
  [ "$SESSIONLOG" -gt 0 ] && echo "syncprov-sessionlog $SESSIONLOG"
fi
echo "database monitor"
} | grep -v '^$' >"$DIR/slapd.conf"

# ---- data, once -----------------------------------------------------------------
if [ ! -s "$DIR/db/data.mdb" ]; then
  if [ -z "${LDIF:-}" ]; then
    LDIF=$DIR/data.ldif
    python3 "$HERE/gen-ldif.py" --flavor openldap --base "$BASE" --users "$N" \
      --big-group "${BIG:-0}" --with-password "${WITH_PASSWORD:-10}" ${ODD:+--odd} ${GENERATE:-} -o "$LDIF"
  fi
  for who in reader hashreader limited blind; do printf 'dn: cn=%s,%s\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: %s\nuserPassword: %s\n\n' \
      $who "$BASE" $who "$PW"; done >"$DIR/accounts.ldif"
  # -q: no consistency passes; -w: write contextCSN, without it the first delta cookie is
  # empty.  Both files go in as one stream, because -w describes one whole load.
  start=$(date +%s.%N)
  # Without the overlay nobody would keep a contextCSN up to date, so none is written.
  [ "$SYNCPROV" = 0 ] && CSN= || CSN=-w
  cat "$LDIF" "$DIR/accounts.ldif" | slapadd -q $CSN -f "$DIR/slapd.conf" -b "$BASE" || {
    rm -f "$DIR"/db/*.mdb; exit 1; }
  echo "slapadd: $(echo "$(date +%s.%N) - $start" | bc) s"
fi

# ---- start ------------------------------------------------------------------------
# slapd detaches by itself and writes its pid file; -d 0 would keep it in front
slapd -f "$DIR/slapd.conf" -n "slapd-$PORT" -h "ldap://127.0.0.1:$PORT/ ldaps://127.0.0.1:$((PORT + 1))/" \
  >"$DIR/log/slapd.log" 2>&1 || {
  echo "slapd did not start: is port $PORT or $((PORT + 1)) taken?  For the reason run" >&2
  echo "  slapd -d config,stats -f $DIR/slapd.conf -h ldap://127.0.0.1:$PORT/" >&2
  exit 1; }
for _ in $(seq 1 300); do
  ldapsearch -x -LLL -o nettimeout=1 -H "ldap://127.0.0.1:$PORT" -s base -b '' contextCSN >/dev/null 2>&1 && break
  sleep 0.1
done
running || { echo "slapd did not come up within 30 s" >&2; exit 1; }
cat >"$DIR/env" <<ENV
URI=ldap://127.0.0.1:$PORT
LDAPS_URI=ldaps://127.0.0.1:$((PORT + 1))
CA=$DIR/tls/ca.pem
BASE=$BASE
ADMIN=cn=admin,$BASE
READER=cn=reader,$BASE
HASHREADER=cn=hashreader,$BASE
LIMITED=cn=limited,$BASE
BLIND=cn=blind,$BASE
PASSWORD=secret
ENV
echo "running: pid $(cat "$PIDFILE"), ldap://127.0.0.1:$PORT, ldaps://localhost:$((PORT + 1))"
