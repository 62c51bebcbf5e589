{{- define "bms-console.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "bms-console.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "bms-console.labels" -}}
{{ include "bms-console.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "bms-console.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "bms-console.name" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "bms-console.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* What is kept needs a volume, which may be empty at each start. */}}
{{- define "bms-console.keeps" -}}
{{- if or .Values.lineLog.enabled (ne .Values.recordings.mode "off") -}}true{{- end -}}
{{- end -}}

{{- define "bms-console.claim" -}}
{{- default (include "bms-console.name" .) .Values.persistence.existingClaim -}}
{{- end -}}

{{/* Pods that have a store in common may be several. */}}
{{- define "bms-console.shared" -}}
{{- if and .Values.secrets.BMS_CONSOLE_REDIS_URL .Values.secrets.BMS_CONSOLE_REPLICA_SECRET -}}true{{- end -}}
{{- end -}}

{{/* Each of several pods keeps what its lines say. */}}
{{- define "bms-console.volumes" -}}
{{- if and (include "bms-console.shared" .) .Values.persistence.enabled (include "bms-console.keeps" .) -}}true{{- end -}}
{{- end -}}

{{- define "bms-console.valkey" -}}
{{- printf "%s-valkey" (include "bms-console.name" .) -}}
{{- end -}}

{{- define "bms-console.valkeySelector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}-valkey
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
