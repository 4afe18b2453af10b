{{- /* What is the same in every pod, in the order of deploy/kustomize; a test compares the two. */ -}}
{{- define "pushboat.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "pushboat.config" -}}
{{- if eq .Values.mode "split" -}}
{{ mergeOverwrite (deepCopy .Values.config) .Values.split | toYaml }}
{{- else -}}
{{ .Values.config | toYaml }}
{{- end -}}
{{- end }}

{{- define "pushboat.pod" -}}
serviceAccountName: pushboat
terminationGracePeriodSeconds: 30
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "pushboat.container" -}}
image: {{ include "pushboat.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
envFrom:
  - secretRef: {name: {{ .Values.secretName }}}
resources: {{ index .Values.resources .Values.mode | toJson }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
volumeMounts:
  - {name: state, mountPath: /var/lib/pushboat}
  - {name: config, mountPath: /etc/pushboat, readOnly: true}
  - {name: tmp, mountPath: /tmp}
{{- end }}

{{- define "pushboat.volumes" -}}
- name: config
  configMap: {name: pushboat}
- name: tmp
  emptyDir: {}
{{- end }}
