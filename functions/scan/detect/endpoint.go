package detect

import (
	"bytes"
	"slices"
)

// endpointSuffixes are the public DNS zones of Azure services whose certificates
// have moved or will.
var endpointSuffixes = [][]byte{
	[]byte(".azure-devices.net"), []byte(".azure-devices-provisioning.net"), []byte(".mysql.database.azure.com"), []byte(".mariadb.database.azure.com"),
	[]byte(".postgres.database.azure.com"), []byte(".database.windows.net"), []byte(".blob.core.windows.net"), []byte(".queue.core.windows.net"),
	[]byte(".table.core.windows.net"), []byte(".file.core.windows.net"), []byte(".servicebus.windows.net"), []byte(".redis.cache.windows.net"),
	[]byte(".documents.azure.com"), []byte(".vault.azure.net"), []byte(".azureedge.net"), []byte(".azurewebsites.net"), []byte(".eventgrid.azure.net"),
	[]byte(".cosmos.azure.com"), []byte(".azurecr.io"), []byte(".azurefd.net"),
}

// maxEndpoints is how many a finding lists.
const maxEndpoints = 5

// endpoints lists the hosts of Azure services that the text names, sorted.
func endpoints(data []byte) []string {
	var out []string
	for _, s := range endpointSuffixes {
		for i := 0; len(out) < 4*maxEndpoints; {
			n := bytes.Index(data[i:], s)
			if n < 0 {
				break
			}
			i += n
			end := i + len(s)
			from := i
			for from > 0 && i-from < 63 && (alnum(data[from-1]) && data[from-1] < 0x80 || data[from-1] == '-') {
				from--
			}
			if from < i && (end == len(data) || !alnum(data[end]) && data[end] != '.' || end+1 < len(data) && data[end] == '.' && !alnum(data[end+1])) {
				if host := string(data[from:end]); !slices.Contains(out, host) {
					out = append(out, host)
				}
			}
			i = end
		}
	}
	slices.Sort(out)
	return out[:min(len(out), maxEndpoints)]
}
