{{/* The pod, the same in a Deployment and in a StatefulSet */}}
{{- define "bms-console.pod" -}}
{{- $secretFiles := "/run/secrets/bms-console" -}}
metadata:
  labels:
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    {{- include "bms-console.labels" . | nindent 4 }}
  {{- with .Values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "bms-console.serviceAccountName" . }}
  automountServiceAccountToken: false
  # Kubernetes would put BMS_CONSOLE_PORT=tcp://… of the Service into the environment, and the server would read it.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    # Else each start would open the folders of logs to the group, and the server refuses those.
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      type: RuntimeDefault
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: bms-console
      image: {{ include "bms-console.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      ports:
        - name: page
          containerPort: {{ .Values.listen.port }}
        {{- if include "bms-console.shared" . }}
        - name: replicas
          containerPort: {{ .Values.replicas.port }}
        {{- end }}
        {{- if .Values.metrics.enabled }}
        - name: metrics
          containerPort: {{ .Values.metrics.port }}
        {{- end }}
      env:
        - name: BMS_CONSOLE_HOST
          value: {{ .Values.listen.host | quote }}
        - name: BMS_CONSOLE_PORT
          value: {{ .Values.listen.port | quote }}
        - name: BMS_CONSOLE_PUBLIC_ORIGINS
          value: {{ join "," .Values.origins | quote }}
        {{- if include "bms-console.shared" . }}
        - name: POD_IP
          valueFrom:
            fieldRef:
              fieldPath: status.podIP
        - name: BMS_CONSOLE_REPLICA_ADDRESS
          value: {{ printf (ternary "[$(POD_IP)]:%d" "$(POD_IP):%d" (contains ":" .Values.listen.host)) (int .Values.replicas.port) | quote }}
        {{- end }}
        {{- if .Values.tls.secretName }}
        - name: BMS_CONSOLE_TLS_CERT
          value: /run/tls/tls.crt
        - name: BMS_CONSOLE_TLS_KEY
          value: /run/tls/tls.key
        {{- end }}
        {{- if .Values.lineLog.enabled }}
        - name: BMS_CONSOLE_LINE_LOG_DIR
          value: /var/lib/bms-console/lines
        - name: BMS_CONSOLE_LINE_LOG_TOTAL_MIB
          value: {{ .Values.lineLog.totalMib | int | quote }}
        {{- end }}
        {{- if ne .Values.recordings.mode "off" }}
        - name: BMS_CONSOLE_RECORDINGS
          value: {{ .Values.recordings.mode | quote }}
        - name: BMS_CONSOLE_RECORDINGS_DIR
          value: /var/lib/bms-console/recordings
        - name: BMS_CONSOLE_RECORDINGS_TOTAL_MIB
          value: {{ .Values.recordings.totalMib | int | quote }}
        {{- end }}
        {{- if .Values.metrics.enabled }}
        - name: BMS_CONSOLE_METRICS_LISTEN
          {{- if contains ":" .Values.listen.host }}
          value: {{ printf "[%s]:%d" .Values.listen.host (int .Values.metrics.port) | quote }}
          {{- else }}
          value: {{ printf "%s:%d" .Values.listen.host (int .Values.metrics.port) | quote }}
          {{- end }}
        {{- end }}
        {{- range $name, $value := .Values.settings }}
        - name: {{ $name }}
          value: {{ $value | quote }}
        {{- end }}
        {{- range $name, $from := .Values.secrets }}
        - name: {{ $name }}_FILE
          value: {{ printf "%s/%s" $secretFiles $name | quote }}
        {{- end }}
      # A start waits up to 15 seconds for the owner of the logs that was there before, if that one was killed.
      startupProbe:
        httpGet:
          path: /healthz
          port: page
          scheme: {{ ternary "HTTPS" "HTTP" (ne .Values.tls.secretName "") }}
        periodSeconds: 2
        failureThreshold: 30
      # A restart cuts everybody off, so it takes a minute of silence.
      livenessProbe:
        httpGet:
          path: /healthz
          port: page
          scheme: {{ ternary "HTTPS" "HTTP" (ne .Values.tls.secretName "") }}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      # Not /readyz/cloud: with the cloud down the page must be there to say so, and open consoles go on.
      readinessProbe:
        httpGet:
          path: /readyz
          port: page
          scheme: {{ ternary "HTTPS" "HTTP" (ne .Values.tls.secretName "") }}
        periodSeconds: 5
        timeoutSeconds: 5
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      volumeMounts:
        - name: tmp
          mountPath: /tmp
        - name: data
          mountPath: /var/lib/bms-console
        {{- if .Values.secrets }}
        - name: secrets
          mountPath: {{ $secretFiles }}
          readOnly: true
        {{- end }}
        {{- if .Values.tls.secretName }}
        - name: tls
          mountPath: /run/tls
          readOnly: true
        {{- end }}
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - name: tmp
      emptyDir:
        sizeLimit: 64Mi
    {{- if not (include "bms-console.volumes" .) }}
    - name: data
      {{- if and .Values.persistence.enabled (include "bms-console.keeps" .) }}
      persistentVolumeClaim:
        claimName: {{ include "bms-console.claim" . }}
      {{- else }}
      emptyDir: {}
      {{- end }}
    {{- end }}
    {{- if .Values.secrets }}
    - name: secrets
      projected:
        defaultMode: 0440
        sources:
          {{- range $name, $from := .Values.secrets }}
          - secret:
              name: {{ $from.secretName }}
              items:
                - key: {{ $from.key }}
                  path: {{ $name }}
          {{- end }}
    {{- end }}
    {{- with .Values.tls.secretName }}
    - name: tls
      secret:
        secretName: {{ . }}
        defaultMode: 0440
    {{- end }}
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
