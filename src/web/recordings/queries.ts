import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import * as z from 'zod/mini'
import { RecordingDetail, RecordingList } from '../../shared/recording.ts'
import { call, callText } from '../api/client.ts'
import { paths } from '../api/paths.ts'
import { retry } from '../api/queries.ts'

/** The part of the list that is shown. */
export interface RecordingsView {
  /** The server's id, or '' for all servers */
  server: string
  page: number
}

export const recordingsQuery = (shown: RecordingsView) =>
  queryOptions({
    queryKey: ['recordings', 'list', shown],
    queryFn: ({ signal }) => call(paths.recordings(shown), RecordingList, 'GET', signal),
    placeholderData: keepPreviousData,
    // It shows running recordings.
    refetchInterval: 15_000,
    retry,
  })

export const recordingQuery = (id: string) =>
  queryOptions({
    queryKey: ['recordings', id],
    queryFn: ({ signal }) => call(paths.recording(id), RecordingDetail, 'GET', signal),
    retry,
  })

/** The file itself. It may be large, so it is dropped as soon as nothing plays it. */
export const castQuery = (id: string) =>
  queryOptions({
    queryKey: ['recordings', id, 'cast'],
    queryFn: ({ signal }) => callText(paths.recordingCast(id), signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry,
  })

export const recordingText = (id: string) => callText(paths.recordingText(id))
export const deleteRecording = (id: string) => call(paths.recording(id), z.undefined(), 'DELETE')
