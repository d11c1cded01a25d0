//! Making clients, and sharing those that are alike.

use std::sync::{Arc, Weak};

use env::Env;
use parking_lot::Mutex;

use crate::client::Inner;
use crate::tls::{self, SystemRoots};
use crate::{Client, Error, HttpClientConfig, ProxyEnvironment};

/// Makes clients. Equal configurations share one, and all share the system's trust roots.
pub struct Clients {
    world: Arc<World>,
    made: Mutex<Vec<Weak<Inner>>>,
}

/// What every client needs from outside.
pub(crate) struct World {
    pub(crate) env: Env,
    pub(crate) roots: SystemRoots,
    pub(crate) proxies: ProxyEnvironment,
    pub(crate) user_agent: String,
}

impl Clients {
    /// A maker of clients that introduce themselves with `user_agent`, such as `Sightglass/1.2`.
    pub fn new(env: Env, proxies: ProxyEnvironment, user_agent: &str) -> Self {
        let roots = SystemRoots::new(tls::ring());
        let world = World { env, roots, proxies, user_agent: user_agent.to_owned() };
        Clients { world: Arc::new(world), made: Mutex::default() }
    }

    /// The client of a configuration. Files it names are not looked at yet: a certificate that is
    /// missing is the error of a request, and stops being one when it appears.
    ///
    /// # Errors
    /// [`Error::Config`] when the configuration can never work.
    pub fn get(&self, config: &HttpClientConfig) -> Result<Client, Error> {
        let mut made = self.made.lock();
        made.retain(|client| client.strong_count() > 0);
        let known = made.iter().filter_map(Weak::upgrade).find(|client| client.config == *config);
        if let Some(inner) = known {
            return Ok(Client(inner));
        }
        let inner = Arc::new(Inner::new(config.clone(), self.world.clone())?);
        made.push(Arc::downgrade(&inner));
        Ok(Client(inner))
    }
}
