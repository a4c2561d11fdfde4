// Package footnote holds the manifest with which the bot is installed in Slack.
package footnote

import _ "embed"

// Manifest is manifest.yaml, which Slack makes the app from.
//
//go:embed manifest.yaml
var Manifest []byte
