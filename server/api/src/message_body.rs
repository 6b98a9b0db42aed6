//! Bodies of messages: bounded, and inflated within the same bound.

use crate::ApiError;
use crate::body::broken;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::{Bytes, BytesMut};
use flate2::bufread::MultiGzDecoder;
use http_body_util::BodyExt;
use std::io::Read;

/// The whole body, if it has no more bytes than this.
pub(crate) async fn read_bounded(mut body: Body, most: usize) -> Result<Bytes, ApiError> {
    let mut first: Option<Bytes> = None;
    let mut all = BytesMut::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|problem| broken(&problem))?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length > most {
            return Err(too_large(most));
        }
        if first.is_none() && all.is_empty() {
            first = Some(data);
        } else {
            // Most bodies come in one piece, which is not copied.
            all.extend_from_slice(&first.take().unwrap_or_default());
            all.extend_from_slice(&data);
        }
    }
    Ok(first.unwrap_or_else(|| all.freeze()))
}

fn too_large(most: usize) -> ApiError {
    let message = format!("the body has more than {most} bytes: send less at once");
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
}

/// The body as it was before it was compressed.
pub(crate) fn inflated(body: Bytes, headers: &HeaderMap, most: usize) -> Result<Bytes, ApiError> {
    let Some(encoding) = headers.get(header::CONTENT_ENCODING) else { return Ok(body) };
    let encoding = encoding.to_str().unwrap_or_default().trim().to_ascii_lowercase();
    match encoding.as_str() {
        "" | "identity" => return Ok(body),
        "gzip" | "x-gzip" => {}
        _ => {
            let message = "the body's Content-Encoding is not known: send gzip, or none";
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unknown_encoding", message));
        }
    }
    let mut out = Vec::new();
    let bound = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    MultiGzDecoder::new(&*body).take(bound).read_to_end(&mut out).map_err(|_| {
        ApiError::bad_request("bad_gzip", "the body is not what gzip writes, or is cut short: compress it again")
    })?;
    if out.len() > most { Err(too_large(most)) } else { Ok(out.into()) }
}
