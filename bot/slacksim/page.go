package slacksim

import (
	"embed"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
)

//go:embed page/*
var pageFiles embed.FS

// page serves the page on which people use the workspace.
func page() http.Handler {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return http.FileServerFS(files)
}

// ownPage lets through only what the page itself or a program on this machine
// asks for, so that no other site can act in the workspace.
func ownPage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'")
		rw.Header().Set("X-Content-Type-Options", "nosniff")
		rw.Header().Set("Referrer-Policy", "no-referrer")
		if !loopback(r.Host) {
			http.Error(rw, "this workspace answers on a loopback address only", http.StatusForbidden)
			return
		}
		origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
		if origin != "" && origin != "http://"+r.Host || site != "" && site != "same-origin" && site != "none" {
			http.Error(rw, "another site may not use this workspace", http.StatusForbidden)
			return
		}
		next.ServeHTTP(rw, r)
	})
}

// loopback reports whether a Host header names this machine itself.
func loopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	if len(name) > 2 && name[0] == '[' {
		name = name[1 : len(name)-1]
	}
	addr, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && addr.IsLoopback()
}
