package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"k8s.io/client-go/util/cert"
)

// serveLogs answers, as a kubelet does, what the API server asks of it to serve the logs of a pod.
func serveLogs(port int) error {
	certificate, key, err := cert.GenerateSelfSignedCertKey("127.0.0.1", nil, nil)
	if err != nil {
		return err
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return err
	}
	listener, err := tls.Listen("tcp", net.JoinHostPort("127.0.0.1", fmt.Sprint(port)), &tls.Config{
		Certificates: []tls.Certificate{pair},
	})
	if err != nil {
		return err
	}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /containerLogs/{namespace}/{pod}/{container}", containerLogs)
	go func() { complain(context.Background(), http.Serve(listener, routes)) }()
	return nil
}

// containerLogs says whose log it is, and goes on saying the time to who follows.
func containerLogs(response http.ResponseWriter, request *http.Request) {
	fmt.Fprintf(response, "log of %s/%s/%s\n",
		request.PathValue("namespace"), request.PathValue("pod"), request.PathValue("container"))
	if request.URL.Query().Get("follow") != "true" {
		return
	}
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		if flusher, ok := response.(http.Flusher); ok {
			flusher.Flush()
		}
		select {
		case <-request.Context().Done():
			return
		case now := <-ticker.C:
			fmt.Fprintf(response, "now %s\n", now.Format(time.RFC3339))
		}
	}
}

// complain writes an error to the log of the part, unless the part is ending.
func complain(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, err)
	}
}
