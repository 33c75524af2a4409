package main

// The parts of AsyncAPI 3.0 that the description uses, in the order in which they are written.
type (
	document struct {
		AsyncAPI    string               `yaml:"asyncapi"`
		Info        info                 `yaml:"info"`
		ContentType string               `yaml:"defaultContentType"`
		Servers     map[string]server    `yaml:"servers"`
		Channels    map[string]*channel  `yaml:"channels"`
		Operations  map[string]operation `yaml:"operations"`
		Components  components           `yaml:"components"`
	}
	info struct {
		Title       string  `yaml:"title"`
		Version     string  `yaml:"version"`
		Description string  `yaml:"description"`
		License     license `yaml:"license"`
	}
	license struct {
		Name string `yaml:"name"`
		URL  string `yaml:"url"`
	}
	server struct {
		Host        string `yaml:"host"`
		Protocol    string `yaml:"protocol"`
		Description string `yaml:"description"`
		Security    []ref  `yaml:"security"`
	}
	channel struct {
		Address    string         `yaml:"address"`
		Messages   map[string]ref `yaml:"messages"`
		Parameters map[string]ref `yaml:"parameters,omitempty"`
	}
	parameter struct {
		Description string   `yaml:"description"`
		Examples    []string `yaml:"examples"`
	}
	operation struct {
		Action  string `yaml:"action"`
		Channel ref    `yaml:"channel"`
	}
	components struct {
		SecuritySchemes map[string]securityScheme `yaml:"securitySchemes"`
		Parameters      map[string]parameter      `yaml:"parameters"`
		Messages        map[string]*message       `yaml:"messages"`
	}
	securityScheme struct {
		Type        string `yaml:"type"`
		Description string `yaml:"description"`
	}
	message struct {
		Name        string    `yaml:"name"`
		Title       string    `yaml:"title"`
		Summary     string    `yaml:"summary,omitempty"`
		ContentType string    `yaml:"contentType"`
		Payload     payload   `yaml:"payload"`
		Examples    []example `yaml:"examples"`
	}
	payload struct {
		SchemaFormat string `yaml:"schemaFormat"`
		Schema       schema `yaml:"schema"`
	}
	schema struct {
		AllOf      []any          `yaml:"allOf,omitempty"`
		Properties map[string]any `yaml:"properties,omitempty"`
	}
	constant struct {
		Const string `yaml:"const"`
	}
	example struct {
		Name    string         `yaml:"name"`
		Payload map[string]any `yaml:"payload"`
	}
	ref struct {
		Ref string `yaml:"$ref"`
	}
)

const (
	structured   = "application/cloudevents+json"
	schemaFormat = "application/schema+json;version=draft-2020-12"
)

const description = `Events go in on the stream VOINTI_EVENTS, and news of figures comes out on VOINTI_UPDATES; both are NATS JetStream.

What is received here is yours to publish: a CloudEvent in structured mode (Content-Type: application/cloudevents+json)
or in binary mode (its attributes in headers ce-…, its data as the body). Subject, type and areaid must agree. Wait for
the acknowledgement of the stream (publish with a reply subject, as every JetStream client does): only then is the event
on disk. source and id are the event's identity, so publishing it again is harmless; make the id from what the event
speaks of. Header Nats-Msg-Id: the hexadecimal SHA-256 of source, a zero byte, id, a zero byte and the data.

What is sent here may come twice, and tells that a figure has changed, not what it is: read the read model.
`

// newDocument is a description without channels.
func newDocument() *document {
	return &document{
		AsyncAPI: "3.0.0",
		Info: info{
			Title: "Vointi on the bus", Version: "1.0.0", Description: description,
			License: license{"Apache-2.0", "https://www.apache.org/licenses/LICENSE-2.0"},
		},
		ContentType: structured,
		Servers: map[string]server{"embedded": {
			Host: "127.0.0.1:4222", Protocol: "nats",
			Description: "The bus inside `vointi up`. Its user publisher may publish every type; the password is in nats/passwords.json, in the data folder.",
			Security:    []ref{{"#/components/securitySchemes/user"}},
		}},
		Channels:   map[string]*channel{},
		Operations: map[string]operation{},
		Components: components{
			SecuritySchemes: map[string]securityScheme{"user": {"userPassword", "A user is granted the types and areas that it publishes, and the inbox _INBOX.<user>.> for answers."}},
			Parameters: map[string]parameter{"areaid": {
				Description: "The municipality the event belongs to, or SSS; equal to the event's extension attribute of that name.",
				Examples:    []string{"KU305"},
			}},
			Messages: map[string]*message{},
		},
	}
}
