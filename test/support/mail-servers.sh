#!/bin/bash
# Real IMAP (Dovecot) and SMTP (Postfix) on loopback, one private directory a pair. Needs root, no systemd; DIR's parents must be world-searchable.
# usage: mail-servers.sh start DIR IMAP_PORT SMTP_PORT [DOMAIN...]   |   mail-servers.sh stop DIR
# Mailboxes support, alice and bob at every DOMAIN, password "secret" (any OAuth token passes); an unknown recipient bounces.
set -euo pipefail
cmd=$1 D=$(realpath -m "$2")
stop() {
  [ -f "$D/pf/etc/main.cf" ] && postfix -c "$D/pf/etc" stop >/dev/null 2>&1 || true
  local p; p=$(cat "$D/run/master.pid" 2>/dev/null || true)
  if [ -n "$p" ]; then kill "$p" 2>/dev/null || true; for _ in $(seq 50); do kill -0 "$p" 2>/dev/null || break; sleep 0.1; done; fi
}
if [ "$cmd" = stop ]; then stop; exit 0; fi
imap=$3 smtp=$4; shift 4; domains=${*:-desk.test example.test}
[ "$(id -u)" = 0 ] || { echo "mail-servers.sh needs root" >&2; exit 1; }
[ ! -e "$D" ] || [ -f "$D/dovecot.conf" ] || [ -z "$(ls -A "$D")" ] || { echo "$D holds something else" >&2; exit 1; }
stop; rm -rf "$D"; mkdir -p "$D"/{run,state,mail,pf/etc,pf/spool,pf/data}; chmod 755 "$D" "$D/pf"
getent passwd vmail >/dev/null || useradd -r -d /nonexistent -s /usr/sbin/nologin vmail
chown vmail:vmail "$D/mail"; chown postfix "$D/pf/data"
printf '%s:{PLAIN}secret::::::\n' support alice bob >"$D/passwd"
lines() { sed 's/; */\n/g'; }                                    # ';' ends a line below: both formats want one setting a line
lines >"$D/dovecot.conf" <<C
base_dir = $D/run; state_dir = $D/state; log_path = $D/dovecot.log; protocols = imap lmtp; listen = 127.0.0.1
ssl = no; disable_plaintext_auth = no; auth_mechanisms = plain login xoauth2 oauthbearer
mail_location = maildir:$D/mail/%n; first_valid_uid = 1; recipient_delimiter = +; lda_mailbox_autocreate = yes
namespace inbox {; inbox = yes; separator = /
mailbox Sent {; auto = subscribe; special_use = \Sent; }
mailbox Junk {; auto = subscribe; special_use = \Junk; }; }
passdb {; driver = passwd-file; args = scheme=PLAIN username_format=%n $D/passwd; }
passdb {; driver = static; mechanisms = xoauth2 oauthbearer; args = nopassword=y; }
userdb {; driver = passwd-file; args = username_format=%n $D/passwd; default_fields = uid=vmail gid=vmail home=$D/mail/%n; }
service imap-login {; inet_listener imap {; port = $imap; }; inet_listener imaps {; port = 0; }; }
service anvil {; unix_listener anvil-auth-penalty {; mode = 0; }; }
service lmtp {; unix_listener lmtp-postfix {; mode = 0666; }; }
C
lines >"$D/pf/etc/main.cf" <<C
compatibility_level = 3.6; queue_directory = $D/pf/spool; data_directory = $D/pf/data
command_directory = /usr/sbin; daemon_directory = /usr/lib/postfix/sbin; mail_owner = postfix; setgid_group = postdrop
maillog_file = $D/postfix.log; maillog_file_prefixes = $D; myhostname = mail.desk.test
mydestination =; alias_maps =; alias_database =; virtual_mailbox_domains = $domains
virtual_transport = lmtp:unix:$D/run/lmtp-postfix; recipient_delimiter = +
inet_interfaces = 127.0.0.1; inet_protocols = ipv4; mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination; message_size_limit = 60000000; smtputf8_enable = yes
minimal_backoff_time = 5s; maximal_backoff_time = 10s; queue_run_delay = 5s
default_transport = error:5.1.2 no route to remote domains in tests
C
lines >"$D/pf/etc/master.cf" <<C
127.0.0.1:$smtp inet n - n - - smtpd; pickup unix n - n 60 1 pickup; cleanup unix n - n - 0 cleanup; qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite; bounce unix - - n - 0 bounce; defer unix - - n - 0 bounce; trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap; proxywrite unix - - n - 1 proxymap; tlsmgr unix - - n 1000? 1 tlsmgr; verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush; error unix - - n - - error; retry unix - - n - - error; lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil; scache unix - - n - 1 scache; postlog unix-dgram n - n - 1 postlogd
C
dovecot -c "$D/dovecot.conf"
postfix -c "$D/pf/etc" start >/dev/null 2>"$D/postfix.err" || { cat "$D/postfix.err" >&2; exit 1; }
for _ in $(seq 100); do
  (: </dev/tcp/127.0.0.1/"$imap") 2>/dev/null && (: </dev/tcp/127.0.0.1/"$smtp") 2>/dev/null && { echo "imap=$imap smtp=$smtp"; exit 0; }
  sleep 0.1
done
echo "mail servers not ready, see $D/*.log" >&2; exit 1
