// envoy.service.discovery.v3: the two messages of the aggregated stream. Field numbers are Envoy's.
import { bytesField, type Field, messageField, readFields, stringField } from './wire.ts';

export interface DiscoveryRequest {
  typeUrl: string;
  resourceNames: string[];
  /** That of a response when this request acknowledges it. */
  nonce: string;
}

export interface AnyMessage {
  typeUrl: string;
  value: Uint8Array;
}

export interface DiscoveryResponse {
  version: string;
  typeUrl: string;
  nonce: string;
  resources: readonly AnyMessage[];
  /** `control_plane.identifier`. */
  controlPlane: string;
}

export function decodeRequest(message: Uint8Array): DiscoveryRequest {
  const fields = readFields(message);
  const texts = (number: number) => fields.filter((f) => f.number === number).map((f: Field) => f.bytes.toString());
  return { typeUrl: texts(4).at(-1) ?? '', resourceNames: texts(3), nonce: texts(5).at(-1) ?? '' };
}

export function encodeResponse(response: DiscoveryResponse): Buffer {
  return Buffer.concat([
    stringField(1, response.version),
    ...response.resources.map((resource) => messageField(2, encodeAny(resource))),
    stringField(4, response.typeUrl),
    stringField(5, response.nonce),
    messageField(6, stringField(1, response.controlPlane)),
  ]);
}

function encodeAny({ typeUrl, value }: AnyMessage): Buffer {
  return Buffer.concat([stringField(1, typeUrl), bytesField(2, value)]);
}
