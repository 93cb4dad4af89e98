package layout

import (
	"os"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestTaskfile: the tasks that the README and people's fingers know are there.
func TestTaskfile(t *testing.T) {
	raw, err := os.ReadFile("../../Taskfile.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Tasks map[string]struct {
			Desc string
			Cmds []string
		}
	}
	if err := yaml.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"run", "build", "test", "lint", "golden", "fuzz", "bench"} {
		if task, ok := file.Tasks[name]; !ok || task.Desc == "" || len(task.Cmds) == 0 {
			t.Errorf("task %s: %+v", name, task)
		}
	}
}
