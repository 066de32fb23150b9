// Asks through Go's net package: with its own resolver, or with the C library's.
//
//	ask go|cgo VERB NAME …      verbs: addresses aaaa text names
//
// A line for each question: milliseconds, a tab, what the package made of the answer.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"time"
)

func main() {
	words := os.Args[1:]
	if words[0] == "version" {
		fmt.Println(strings.TrimPrefix(runtime.Version(), "go"))
		return
	}
	resolver := &net.Resolver{PreferGo: words[0] == "go"}
	for words = words[1:]; len(words) >= 2; words = words[2:] {
		start := time.Now()
		result := ask(resolver, words[0], words[1])
		fmt.Printf("%d\t%s\n", time.Since(start).Milliseconds(), result)
	}
}

func ask(resolver *net.Resolver, verb, name string) string {
	ctx := context.Background()
	switch verb {
	case "addresses":
		return addresses(resolver.LookupIP(ctx, "ip", name))
	case "aaaa":
		return addresses(resolver.LookupIP(ctx, "ip6", name))
	case "names":
		names, err := resolver.LookupAddr(ctx, name)
		return either(strings.Join(names, " "), err)
	case "text":
		texts, err := resolver.LookupTXT(ctx, name)
		return either(fmt.Sprintf("%q", strings.Join(texts, "|")), err)
	}
	return "no way to ask"
}

func addresses(found []net.IP, err error) string {
	texts := make([]string, 0, len(found))
	for _, one := range found {
		texts = append(texts, one.String())
	}
	return either(strings.Join(texts, " "), err)
}

// either gives the text, or the error with what a caller can tell from its fields.
func either(text string, err error) string {
	var failed *net.DNSError
	switch {
	case err == nil:
		return text
	case errors.As(err, &failed):
		flags := ""
		if failed.IsNotFound {
			flags += ", IsNotFound"
		}
		if failed.IsTemporary {
			flags += ", IsTemporary"
		}
		if failed.IsTimeout {
			flags += ", IsTimeout"
		}
		return failed.Err + flags
	}
	return err.Error()
}
