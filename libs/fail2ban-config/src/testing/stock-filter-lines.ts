/**
 * For filters of Debian's package, a line of ours that is a failure for them: 20 November 2026, 10:11:12, from 203.0.113.9. Lines of a
 * list belong together; the last one is the failure.
 */
export const stockFilterLines: Readonly<Record<string, string | readonly string[]>> = {
  '3proxy': '20-11-2026 10:11:12 +0000 PROXY.3128 00004 carol 203.0.113.9:40001 192.0.2.7:80 0 0 0 GET',
  'apache-auth':
    '[Fri Nov 20 10:11:12.123456 2026] [auth_basic:error] [pid 812:tid 14] [client 203.0.113.9:40001] AH01617: user carol: authentication failure for "/intern": Password Mismatch',
  'apache-badbots': '203.0.113.9 - - [20/Nov/2026:10:11:12 +0000] "GET / HTTP/1.1" 200 17 "-" "EmailCollector"',
  'apache-botsearch':
    '[Fri Nov 20 10:11:12.123456 2026] [core:error] [pid 812:tid 14] [client 203.0.113.9:40001] AH00128: File does not exist: /var/www/phpmyadmin/',
  'apache-modsecurity':
    '[Fri Nov 20 10:11:12.123456 2026] [:error] [pid 812:tid 14] [client 203.0.113.9] ModSecurity: [file "rules.conf"] Access denied with code 403 (phase 2).',
  'apache-nohome':
    '[Fri Nov 20 10:11:12.123456 2026] [core:error] [pid 812:tid 14] [client 203.0.113.9:40001] AH00128: File does not exist: /var/www/~carol',
  'apache-noscript':
    '[Fri Nov 20 10:11:12.123456 2026] [cgi:error] [pid 812:tid 14] [client 203.0.113.9:40001] AH02811: script not found or unable to stat: /usr/lib/cgi-bin/door.cgi',
  'apache-overflows':
    '[Fri Nov 20 10:11:12.123456 2026] [core:error] [pid 812:tid 14] [client 203.0.113.9:40001] AH00565: request failed: URI too long (longer than 8190)',
  'apache-shellshock':
    '[Fri Nov 20 10:11:12.123456 2026] [cgi:error] [pid 812:tid 14] [client 203.0.113.9:40001] AH01215: /bin/bash: warning: HTTP_X_DOOR: ignoring function definition attempt',
  assp: 'Nov-20-26 10:11:12 Blocking 203.0.113.9 - too much AUTH errors (8);',
  asterisk:
    "[2026-11-20 10:11:12] NOTICE[812] chan_sip.c: Registration from '<sip:carol@192.0.2.7>' failed for '203.0.113.9:5060' - Wrong password",
  bitwarden: '2026-11-20 10:11:12.123 +00:00 [Warning] Failed login attempt. 203.0.113.9',
  centreon: "2026-11-20 10:11:12|-1|0|0|[WEB] [203.0.113.9] Authentication failed for 'carol'",
  'counter-strike':
    'L 20/11/2026 - 10:11:12: Bad Rcon: "rcon 4711 "door"  sv_contact "carol"" from "203.0.113.9:27005"',
  'courier-auth': 'Nov 20 10:11:12 mail imapd: LOGIN FAILED, user=carol, ip=[203.0.113.9]',
  'courier-smtp':
    'Nov 20 10:11:12 mail courieresmtpd: error,relay=203.0.113.9,from=<carol@example.com>: 550 User unknown.',
  'cyrus-imap':
    'Nov 20 10:11:12 mail cyrus/imap[812]: badlogin: client.example [203.0.113.9] plaintext carol SASL(-13): authentication failure: checkpass failed',
  directadmin: "2026:11:20-10:11:12: '203.0.113.9' 3 failed login attempts. Account 'carol'",
  dovecot:
    'Nov 20 10:11:12 mail dovecot: imap-login: Disconnected (auth failed, 3 attempts in 9 secs): user=<carol>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.7, TLS, session=<q>',
  dropbear: "Nov 20 10:11:12 host dropbear[812]: Bad password attempt for 'carol' from 203.0.113.9:40001",
  'drupal-auth':
    'Nov 20 10:11:12 web drupal: https://shop.example|1795169472|user|203.0.113.9|https://shop.example/user|https://shop.example/|0||Login attempt failed for carol.',
  exim: '2026-11-20 10:11:12 login authenticator failed for (door) [203.0.113.9]: 535 Incorrect authentication data (set_id=carol)',
  freeswitch:
    "2026-11-20 10:11:12.123456 [WARNING] sofia_reg.c:1792 SIP auth failure (REGISTER) on sofia profile 'internal' for [1000@192.0.2.7] from ip 203.0.113.9",
  gitlab: '2026-11-20 10:11:12 +0000: Failed Login: username=carol ip=203.0.113.9',
  grafana:
    't=2026-11-20T10:11:12+0000 lvl=eror msg="Invalid username or password" logger=context userId=0 uname= error="User not found" remote_addr=203.0.113.9',
  groupoffice: '[2026-11-20 10:11:12]LOGIN FAILED for user: "carol" from IP: 203.0.113.9',
  'haproxy-http-auth':
    'Nov 20 10:11:12 edge haproxy[812]: 203.0.113.9:40001 [20/Nov/2026:10:11:12.123] main main/<NOSRV> -1/-1/-1/-1/0 401 248 - - PR-- 0/0/0/0/3 0/0 "GET / HTTP/1.1"',
  horde:
    'Nov 20 10:11:12 HORDE [error] [horde] FAILED LOGIN for carol [203.0.113.9] to Horde [pid 812 on line 116 of /horde/login.php]',
  kerio: '[20/Nov/2026 10:11:12] Failed SMTP login from 203.0.113.9 with SASL method LOGIN.',
  'lighttpd-auth':
    "2026-11-20 10:11:12: (http_auth.c.877) password doesn't match for /intern username: carol, IP: 203.0.113.9",
  monit:
    "[UTC Nov 20 10:11:12] error    : Warning: Client '203.0.113.9' supplied wrong password for user 'carol' accessing monit httpd",
  monitorix: 'Fri Nov 20 10:11:12 2026 - AUTHERR - 203.0.113.9 - "GET /monitorix-cgi/monitorix.cgi"',
  'mssql-auth':
    "2026-11-20 10:11:12.12 Logon       Login failed for user 'carol'. Reason: Password did not match that for the login provided. [CLIENT: 203.0.113.9]",
  murmur:
    '<W>2026-11-20 10:11:12.123 1 => <14:carol(-1)> Rejected connection from 203.0.113.9:40001: Invalid server password',
  'mysqld-auth':
    "2026-11-20T10:11:12.123456Z 42 [Warning] Access denied for user 'carol'@'203.0.113.9' (using password: YES)",
  nagios: 'Nov 20 10:11:12 host nrpe[812]: Host 203.0.113.9 is not allowed to talk to us!',
  'named-refused':
    "20-Nov-2026 10:11:12.123 security: info: client 203.0.113.9#4711 (door.example): query (cache) 'door.example/ANY/IN' denied",
  'nginx-bad-request': '203.0.113.9 - - [20/Nov/2026:10:11:12 +0000] "\\x16\\x03" 400 157',
  'nginx-botsearch': '203.0.113.9 - - [20/Nov/2026:10:11:12 +0000] "GET /phpmyadmin/ HTTP/1.1" 404 153 "-" "door"',
  'nginx-http-auth':
    '2026/11/20 10:11:12 [error] 812#812: *7 user "carol": password mismatch, client: 203.0.113.9, server: shop.example, request: "GET / HTTP/1.1", host: "shop.example"',
  'nginx-limit-req':
    '2026/11/20 10:11:12 [error] 812#812: *7 limiting requests, excess: 5.120 by zone "req", client: 203.0.113.9, server: shop.example, request: "GET / HTTP/1.1"',
  nsd: '[2026-11-20 10:11:12] nsd[812]: info: ratelimit block door.example. type any target 203.0.113.0/24 query 203.0.113.9 TYPE255',
  'pam-generic':
    'Nov 20 10:11:12 host su: pam_unix(su:auth): authentication failure; logname=carol uid=0 euid=0 tty=pts/1 ruser=carol rhost=203.0.113.9  user=root',
  'php-url-fopen': '203.0.113.9 - - [20/Nov/2026:10:11:12 +0000] "GET /?page=http://door.example/x HTTP/1.1" 200 17',
  'phpmyadmin-syslog': 'Nov 20 10:11:12 web phpMyAdmin[812]: user denied: carol (mysql-denied) from 203.0.113.9',
  portsentry: '1795169472 - 11/20/2026 10:11:12 Host: 203.0.113.9/203.0.113.9 Port: 23 TCP Blocked',
  postfix:
    'Nov 20 10:11:12 mail postfix/smtpd[812]: NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 554 5.7.1 <dave@example.com>: Relay access denied; from=<carol@example.com> to=<dave@example.com> proto=ESMTP helo=<door>',
  proftpd:
    'Nov 20 10:11:12 host proftpd[812]: host.example (client.example[203.0.113.9]) - USER carol (Login failed): Incorrect password',
  'pure-ftpd': 'Nov 20 10:11:12 host pure-ftpd: (?@203.0.113.9) [WARNING] Authentication failed for user [carol]',
  qmail: 'Nov 20 10:11:12 mail qmail: 1795169472.123456 rblsmtpd: 203.0.113.9 pid 812 sbl.example 451 door',
  recidive: '2026-11-20 10:11:12,123 fail2ban.actions        [812]: NOTICE  [sshd] Ban 203.0.113.9',
  'roundcube-auth':
    '[20-Nov-2026 10:11:12 +0000]: <q7> IMAP Error: Login failed for carol from 203.0.113.9. AUTHENTICATE PLAIN: denied in /usr/share/roundcube/imap.php on line 198 (POST /mail)',
  scanlogd:
    'Nov 20 10:11:12 host scanlogd: 203.0.113.9:40001 to 192.0.2.7 ports 22, 23, 25, ..., fSrpauxy, TOS 00, TTL 51 @10:11:09',
  'selinux-ssh':
    'type=USER_AUTH msg=audit(1795169472.123:4711): pid=812 uid=0 auid=4294967295 ses=4294967295 subj=system_u:system_r:sshd_t:s0-s0:c0.c1023 msg=\'op=password acct="carol" exe="/usr/sbin/sshd" hostname=? addr=203.0.113.9 terminal=ssh res=failed\'',
  'sendmail-auth':
    'Nov 20 10:11:12 mail sm-mta[812]: 4AKABC12000812: [203.0.113.9]: possible SMTP attack: command=AUTH, count=5',
  slapd: [
    'Nov 20 10:11:12 host slapd[812]: conn=7 fd=12 ACCEPT from IP=203.0.113.9:40001 (IP=0.0.0.0:389)',
    'Nov 20 10:11:12 host slapd[812]: conn=7 op=0 RESULT tag=97 err=49 text=',
  ],
  squid: '1795169472.123      0 203.0.113.9 TCP_DENIED/403 4011 GET http://door.example/ - HIER_NONE/- text/html',
  squirrelmail:
    '11/20/2026 10:11:12 [LOGIN_ERROR] carol (example.com) from 203.0.113.9: Unknown user or password incorrect.',
  sshd: 'Nov 20 10:11:12 host sshd[812]: Failed password for invalid user carol from 203.0.113.9 port 40001 ssh2',
  'traefik-auth': '203.0.113.9 - carol [20/Nov/2026:10:11:12 +0000] "GET / HTTP/1.1" 401 17 "-" "-" 7 "auth" "-" 1ms',
  vsftpd: 'Fri Nov 20 10:11:12 2026 [pid 812] [carol] FAIL LOGIN: Client "203.0.113.9"',
  'webmin-auth': 'Nov 20 10:11:12 host webmin[812]: Invalid login as carol from 203.0.113.9',
  wuftpd: 'Nov 20 10:11:12 host wu-ftpd[812]: failed login from client.example [203.0.113.9]',
  'xinetd-fail': 'Nov 20 10:11:12 host xinetd[812]: FAIL: telnet address from=203.0.113.9',
};
