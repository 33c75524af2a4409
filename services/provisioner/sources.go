package provisioner

import "vointi.fi/dashboards"

// dataSources are the sources that the dashboards name by UID.
func dataSources(s Sources) []DataSource {
	host, port, secure := endpoint(s.ClickHouseURL)
	protocol := "http" // the interface that the embedded engine and every server speak
	clickHouse := DataSource{
		UID: dashboards.ClickHouseUID, Name: "Vointi ClickHouse", Type: dashboards.ClickHouseType, IsDefault: true,
		JSON: map[string]any{
			"host": host, "port": port, "protocol": protocol, "secure": secure, "username": s.User,
			"defaultDatabase": "vointi", "dialTimeout": "10", "queryTimeout": "60", "validateSql": false,
		},
	}
	if s.Password != "" {
		clickHouse.Secrets = map[string]string{"password": s.Password}
	}
	out := []DataSource{clickHouse}
	if s.PrometheusURL != "" {
		out = append(out, DataSource{
			UID: dashboards.PrometheusUID, Name: "Vointi Prometheus", Type: dashboards.PrometheusType, URL: s.PrometheusURL,
			JSON: map[string]any{"httpMethod": "POST"},
		})
	}
	return out
}
