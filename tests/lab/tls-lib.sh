# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Certificates and servers for recordings of TLS.
#
# tls_cert NAME SUBJECT [OPTION...]	NAME.pem and NAME.key, signed by itself
# tls_nginx [LINE...]	an nginx on port 443 with cert.pem and cert.key

tls_cert()
{
	local name=$1 subject=$2
	shift 2
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
	    -nodes -keyout "$name.key" -out "$name.pem" -subj "/CN=$subject" \
	    -addext "subjectAltName=DNS:$subject" -days 3000 "$@" 2>/dev/null
}

tls_nginx()
{
	nginx_conf '443 ssl' off "ssl_certificate $LAB_WORK/cert.pem;" \
	    "ssl_certificate_key $LAB_WORK/cert.key;" "$@"
	fault_serve 443 nginx -c "$LAB_WORK/nginx.conf"
}
