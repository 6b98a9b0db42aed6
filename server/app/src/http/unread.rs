//! Whether somebody still sends what nobody will read.

use axum::body::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

/// A request's body that notes whether it was given up before its end.
pub(super) struct Heard {
    body: Incoming,
    ended: bool,
    unread: Arc<AtomicBool>,
}

impl Heard {
    pub(super) fn new(body: Incoming, unread: Arc<AtomicBool>) -> Self {
        unread.store(false, Ordering::Release);
        Self { body, ended: false, unread }
    }
}

impl Body for Heard {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        self.ended |= matches!(frame, Poll::Ready(None));
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Heard {
    fn drop(&mut self) {
        self.unread.store(!self.ended && !self.body.is_end_stream(), Ordering::Release);
    }
}
